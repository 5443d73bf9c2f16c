# For those who type "make": ./run does the work and says more.
.PHONY: demo test check serve prove manage
demo test check serve prove:
	./run $@
manage:
	./run manage $(ARGS)
